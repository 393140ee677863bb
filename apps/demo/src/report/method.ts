import { count, percent } from '../charts/words.ts';
import type { Rejected } from '../ops/clean.ts';
import { html, type Markup } from './html.ts';
import { rejectedTable } from './tables.ts';

/** What of the run's config the report tells. */
export interface ReportSettings {
  /** Name and version of the data: `vega-datasets 3.2.1`. */
  source: string;
  /** Flights that were asked for; `null` is all. */
  sample: number | null;
  /** Share of the flights that models learn from. */
  ratio: number;
  seed: number;
  lateAfter: number;
}

const STAGES: readonly (readonly [title: string, steps: readonly (readonly [step: string, what: string])[]])[] = [
  [
    'Read',
    [
      ['load', 'Parquet into columns'],
      ['airports', 'names and places'],
    ],
  ],
  [
    'Prepare',
    [
      ['clean', 'drop the impossible'],
      ['join', 'flights and airports'],
      ['features', 'what is known'],
      ['split', 'by a draw'],
    ],
  ],
  [
    'Learn',
    [
      ['encode', 'from the training half'],
      ['train', 'one step a model'],
      ['evaluate', 'on the other half'],
      ['best', 'least log loss'],
    ],
  ],
  [
    'Draw',
    [
      ['summarize', 'into a few numbers'],
      ['chart…', 'one step a chart'],
    ],
  ],
  ['Write', [['report', 'this page']]],
];

/** How the page was made, with what it leaves out. */
export function methodSection({
  settings,
  rejected,
}: {
  settings: ReportSettings;
  rejected: readonly Rejected[];
}): Markup {
  return html`<section><h2>How this page was made</h2>
<p>A job of memoized steps. Each is computed once for a version of its code, its config and what it reads; a change recomputes what depends on
it and nothing else.</p>
<ol class="steps">${STAGES.map(
    ([title, steps]) =>
      html`<li><strong>${title}</strong><ul>${steps.map(([step, what]) => html`<li><code>${step}</code> ${what}</li>`)}</ul></li>`,
  )}</ol>
<div class="cards">
<div class="card"><h3>Settings</h3>${settingsList(settings)}</div>
<div class="card">${rejected.length === 0 ? html`<h3>Set aside as impossible</h3><p>Nothing: every flight was believed.</p>` : rejected.map(rejectedTable)}</div>
<div class="card wide"><h3>Read with care</h3>${caveats(settings)}</div>
</div></section>`;
}

function settingsList({ source, sample, ratio, seed, lateAfter }: ReportSettings): Markup {
  return html`<dl class="settings">
<dt>Data</dt><dd>${source}</dd>
<dt>Flights</dt><dd>${sample === null ? 'all of them' : `a sample of ${count(sample)}, evenly spread over time`}</dd>
<dt>Late</dt><dd>${lateAfter} minutes after the planned arrival, or more</dd>
<dt>Learned from</dt><dd>${percent(ratio)} of the flights, drawn by a hash of the flight (seed ${seed})</dd>
</dl>`;
}

function caveats({ lateAfter }: ReportSettings): Markup {
  return html`<ul class="plain">
<li>The clock of a flight is that of its departure as it happened, not as planned: the data has no timetable. A departure after midnight is
therefore mostly an evening flight that is late already, and the models may know that.</li>
<li>Rates of airports and routes are learned from the training half only. The punctuality of recent arrivals counts only landings before the
departure, by an estimate of the time in the air, so no flight sees its own outcome or a later one.</li>
<li>Test flights are drawn from the same days as the training flights: the models are judged on unseen flights, not on an unseen season.</li>
<li>Late means late at the destination by ${lateAfter} minutes or more. Cancelled and diverted flights are not in the data.</li>
</ul>`;
}
