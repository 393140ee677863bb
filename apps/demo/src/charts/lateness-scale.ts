import type { Theme } from './theme.ts';

/** Where one colour of the heat scale ends and the next begins, as shares of late flights. */
const STEPS: readonly number[] = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4];

/** The colour of a share of late flights. Every chart uses it, so that a colour means the same all over the page. */
export function latenessColor(field: string, theme: Theme, legend: object | null) {
  return {
    field,
    type: 'quantitative' as const,
    scale: { type: 'threshold' as const, domain: [...STEPS], range: [...theme.heat] },
    legend: legend === null ? null : { title: 'share of late flights', format: '.0%', ...legend },
  };
}
