import { count, percent } from '../charts/words.ts';
import type { Choice } from '../ops/best.ts';
import type { Rejected } from '../ops/clean.ts';
import type { AirportSummary, RouteSummary } from '../tables/summary.ts';
import { html, type Markup } from './html.ts';

/** How the models compare, the best first. */
export function modelsTable({ ranking, best }: Choice): Markup {
  return html`<div class="table"><table>
<caption>Models, judged by flights that they have not seen</caption>
<thead><tr><th scope="col">Model</th><th scope="col" class="number">Trees</th><th scope="col" class="number">Depth</th>
<th scope="col" class="number">Learned from</th><th scope="col" class="number">Order (AUC)</th><th scope="col" class="number">Log loss</th>
<th scope="col" class="number">Better than the average</th><th scope="col" class="number">Late in its riskiest tenth</th></tr></thead>
<tbody>${ranking.map(
    (
      model,
    ) => html`<tr${model === best ? html` class="best"` : ''}><th scope="row">${model.name}${model === best ? html`<span class="tag">best</span>` : ''}</th>
<td class="number">${model.trees}</td><td class="number">${model.depth}</td><td class="number">${count(model.trainedOn)}</td>
<td class="number">${model.auc.toFixed(3)}</td><td class="number">${model.logLoss.toFixed(4)}</td>
<td class="number">${percent(model.skill, 1)}${bar(model.skill / 0.25)}</td><td class="number">${percent(model.lateInTopTenth)}</td></tr>
`,
  )}<tr><th scope="row">the average</th><td class="number">0</td><td class="number">0</td><td class="number">${count(best.trainedOn)}</td>
<td class="number">0.500</td><td class="number">${best.baseline.toFixed(4)}</td><td class="number">${percent(0, 1)}${bar(0)}</td><td class="number">${percent(best.late)}</td></tr>
</tbody></table></div>`;
}

export function routesTable(caption: string, routes: readonly RouteSummary[]): Markup {
  const most = Math.max(0.01, ...routes.map(({ late }) => late));
  return html`<div class="table"><table><caption>${caption}</caption>
<thead><tr><th scope="col">Route</th><th scope="col" class="number">Flights</th><th scope="col" class="number">Late</th></tr></thead>
<tbody>${routes.map(
    ({
      origin,
      destination,
      from,
      to,
      rows,
      late,
    }) => html`<tr><td><strong>${origin} → ${destination}</strong><small>${from} to ${to}</small></td>
<td class="number">${count(rows)}</td><td class="number">${percent(late)}${bar(late / Math.max(most, 0.5))}</td></tr>
`,
  )}</tbody></table></div>`;
}

export function airportsTable(caption: string, airports: readonly AirportSummary[]): Markup {
  return html`<div class="table"><table><caption>${caption}</caption>
<thead><tr><th scope="col">Airport</th><th scope="col" class="number">Departures</th><th scope="col" class="number">Late</th></tr></thead>
<tbody>${airports.map(
    ({
      iata,
      name,
      city,
      state,
      rows,
      late,
    }) => html`<tr><td><strong>${iata}</strong> ${city}, ${state}<small>${name}</small></td>
<td class="number">${count(rows)}</td><td class="number">${percent(late)}${bar(late / 0.5)}</td></tr>
`,
  )}</tbody></table></div>`;
}

/** What was not believed, with examples. */
export function rejectedTable({ rules }: Rejected): Markup {
  return html`<div class="table"><table><caption>Set aside as impossible</caption>
<thead><tr><th scope="col">Because it</th><th scope="col" class="number">Flights</th><th scope="col">For example</th></tr></thead>
<tbody>${rules.map(
    ({ rule, rows, examples }) => html`<tr><td>${rule}</td><td class="number">${count(rows)}</td><td>${examples
      .slice(0, 1)
      .map(
        (flight) =>
          html`${flight.origin} → ${flight.destination}<small>${inWords(flight.minute)}, delay ${count(flight.delay)} minutes</small>`,
      )}</td></tr>
`,
  )}</tbody></table></div>`;
}

function inWords(minute: number): string {
  return new Date(minute * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

function bar(share: number): Markup {
  const width = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return html`<span class="bar"><i style="width:${width}%"></i></span>`;
}
