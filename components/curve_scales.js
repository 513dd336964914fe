// What charts of curves calculate: scales and their marks, smoothing, the points that can be seen.

/** Round numbers between two ends, about so many. */
const roundTicks = (low, high, count) => {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9);
  const ticks = [];
  for (let place = first; place * step <= high + step * 1e-9; place += 1) ticks.push(place * step);
  return ticks;
};

/** Powers of ten between two ends, with 2 and 5 where there is room. */
const logTicks = (low, high, count) => {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.max(1, last - first);
  const every = Math.max(1, Math.ceil(decades / count));
  const factors = decades <= count / 3 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = first; power <= last; power += every)
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  return ticks.length > 1 ? ticks : roundTicks(low, high, count);
};

/** A number on an axis or under the pointer. */
const writeNumber = (number, digits = 4) => {
  if (number === null || number === undefined || Number.isNaN(number)) return "not a number";
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1e7 || size < 1e-4) return number.toExponential(Math.min(3, digits - 1)).replace("e+", "e");
  if (size >= 1000) return Math.round(number).toLocaleString("en-US");
  return String(Number(number.toPrecision(digits)));
};

const SHARES = /accuracy|precision|recall/;
const writeFigure = (name, number) =>
  SHARES.test(name) && Number.isFinite(number) ? `${(100 * number).toFixed(1)}%` : writeNumber(number);

/** An average that forgets: each point counts `weight` times what the next one does. The beginning
    is not drawn towards nought, and a gap stays one. */
const smoothed = (figures, weight) => {
  if (!weight) return figures;
  let mean = 0, count = 0;
  return figures.map((figure) => {
    if (figure === null) return null;
    mean = weight * mean + (1 - weight) * figure;
    count += 1;
    return mean / (1 - weight ** count);
  });
};

/** Points within epochs. Where a run is so quick that whole epochs lie between two of them, what
    those epochs came to is put in: else a line would lead straight across all that happened. */
const bridged = (batch, epoch) => {
  const { length } = batch.step;
  const parts = []; // places: of the batches, or of the epochs, as ~place
  let next = 0, skipped = false;
  for (let place = 0; place <= length; place += 1) {
    const before = place ? batch.epoch[place - 1] : 0;
    const after = place < length ? batch.epoch[place] : Infinity;
    for (; next < epoch.step.length && epoch.step[next] < (batch.step[place] ?? Infinity); next += 1)
      if (place && after - before > 1 && epoch.step[next] > batch.step[place - 1]) {
        parts.push(~next);
        skipped = true;
      }
    if (place < length) parts.push(place);
  }
  if (!skipped) return batch;
  const pick = (name) => parts.map((place) => (place < 0 ? epoch[name][~place] : batch[name][place]));
  const made = { step: pick("step"), epoch: pick("epoch"), seconds: pick("seconds"), values: {} };
  for (const [name, figures] of Object.entries(batch.values))
    made.values[name] = parts.map((place) => (place < 0 ? epoch.values[name]?.[~place] ?? null : figures[place]));
  return made;
};

/** The place of the number nearest to one, in a list that rises; -1 in an empty one. */
const nearestPlace = (numbers, wanted) => {
  let low = 0, high = numbers.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low && wanted - numbers[low - 1] <= numbers[low] - wanted ? low - 1 : low;
};

/** The places of a rising list that lie between two ends, with one more on either side. */
const placesWithin = (numbers, first, last) => {
  const edge = (wanted) => {
    let low = 0, high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [Math.max(0, edge(first) - 1), Math.min(numbers.length, edge(last) + 1)];
};

/** A line as an SVG path. Of the points in one column of pixels the first, lowest, highest and last
    are drawn: the rest could not be told from them. */
const pathOf = (xs, ys, [from, to], atX, atY) => {
  let text = "", gap = true, column = null;
  let first, low, high, last;
  const point = (x, y) => {
    text += `${gap ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    gap = false;
  };
  const close = () => {
    if (column === null) return;
    point(column, first);
    if (low !== high) {
      point(column, low);
      point(column, high);
    }
    if (last !== high) point(column, last);
    column = null;
  };
  const dense = to - from > 800;
  for (let place = from; place < to; place += 1) {
    const y = ys[place] === null || ys[place] === undefined ? NaN : atY(ys[place]);
    if (!Number.isFinite(y)) {
      close();
      gap = true;
      continue;
    }
    const x = atX(xs[place]);
    if (!dense) {
      point(x, y);
      continue;
    }
    const wanted = Math.round(x);
    if (wanted !== column) {
      close();
      column = wanted;
      first = low = high = last = y;
    } else {
      low = Math.min(low, y);
      high = Math.max(high, y);
      last = y;
    }
  }
  close();
  return text;
};
