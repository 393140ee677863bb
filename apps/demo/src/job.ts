import { configure, job, provide } from '@memo/core';
import { findDataset, versionOfDataset } from './dataset-files.ts';
import { airports } from './ops/airports.ts';
import { best } from './ops/best.ts';
import { chartDays } from './ops/chart-days.ts';
import { chartDelays } from './ops/chart-delays.ts';
import { chartHours } from './ops/chart-hours.ts';
import { chartImportance } from './ops/chart-importance.ts';
import { chartMap } from './ops/chart-map.ts';
import { chartModels } from './ops/chart-models.ts';
import { clean } from './ops/clean.ts';
import { encode } from './ops/encode.ts';
import { evaluate } from './ops/evaluate.ts';
import { features } from './ops/features.ts';
import { join } from './ops/join.ts';
import { load } from './ops/load.ts';
import { report } from './ops/report.ts';
import { split } from './ops/split.ts';
import { summarize } from './ops/summarize.ts';
import { train } from './ops/train.ts';
import { dataset } from './resources/dataset.ts';
import { theme } from './resources/theme.ts';
import { settings } from './settings.ts';

/** From three million flights to a report on when, where and why they were late, with charts in those colours. */
export const flightsIn = (palette: 'ember' | 'ocean') =>
  job('flights', {
    description: 'From three million flights to a report on when, where and why they were late',
    config: settings,
    resources: [provide(dataset, findDataset(), { version: versionOfDataset() }), configure(theme, { palette })],
    build: ({ sample, lateAfter, limits, split: { ratio, seed }, models }) => {
      const cleaned = clean({ flights: load({}, { config: { sample } }) }, { config: limits });
      const places = join({ flights: cleaned.flights, airports: airports() });
      const summary = summarize({ flights: cleaned.flights, places }, { config: { lateAfter } });

      const known = features({ flights: cleaned.flights, places }, { config: { lateAfter, seed } });
      const halves = split({ features: known }, { config: { ratio } });
      const encoder = encode({ train: halves.train });
      const evaluations = models.map((setting) => {
        const model = train({ train: halves.train, encoder }, { id: `train-${setting.name}`, config: setting });
        return evaluate({ model, encoder, test: halves.test }, { id: `evaluate-${setting.name}` });
      });
      const choice = best({ evaluations });

      const curves = chartModels({ evaluations });
      const charts = [
        chartHours({ summary }),
        chartDays({ summary }),
        chartMap({ summary }),
        chartDelays({ summary }),
        curves.roc,
        curves.calibration,
        chartImportance({ choice }),
      ];
      return {
        choice,
        report: report(
          { summary, choice, charts, rejected: [cleaned.rejected] },
          { config: { sample, lateAfter, ratio, seed } },
        ),
      };
    },
  });
