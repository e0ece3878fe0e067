// Bars on bars over time, drawn by uPlot. A file of its own: it is loaded when it is needed.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Timeline } from '../exchanges';

export interface Look {
  colours: string[];
  ink: string;
  line: string;
}

/** Draws, and tells which span of seconds was chosen by dragging. */
export function draw(
  into: HTMLElement,
  { times, step, faults }: Timeline,
  { colours, ink, line }: Look,
  choose: (from: number, to: number) => void,
): { resize: (width: number) => void; destroy: () => void } {
  // Each series is drawn over the one before: the whole bar first, then what is without its top.
  const sums = faults.map((_, top) =>
    times.map((_, at) => faults.slice(0, top + 1).reduce((sum, each) => sum + each.counts[at]!, 0)),
  );
  const order = faults.map((_, at) => at).reverse();
  const highest = Math.max(1, ...(sums.at(-1) ?? []));
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const bars = uPlot.paths.bars!({ size: [0.86, 40], align: 1 });
  const chart = new uPlot(
    {
      width: into.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      // Times stand as the log wrote them, or in UTC.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: {
        x: { time: true, range: () => [times[0]!, times.at(-1)! + step] },
        y: { range: () => [0, highest * 1.08] },
      },
      axes: [
        { ...axis, grid: { show: false }, space: 80, values: (_, splits, __, ___, step) => splits.map(clock(step)) },
        { ...axis, size: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] },
      ],
      series: [
        {},
        ...order.map((at) => ({ fill: colours[at]!, stroke: colours[at]!, width: 0, paths: bars, points: { show: false } })),
      ],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 2) return;
            choose(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    [times, ...order.map((at) => sums[at]!)],
    into,
  );
  return {
    resize: (width) => chart.setSize({ width, height: HEIGHT }),
    destroy: () => chart.destroy(),
  };
}

export const HEIGHT = 170;

/** A time as short as its neighbours allow. */
function clock(step: number): (seconds: number) => string {
  const [begin, end] = step >= 86_400 ? [0, 10] : step >= 60 ? [11, 16] : [11, 19];
  return (seconds) => new Date(seconds * 1000).toISOString().slice(begin, end);
}
