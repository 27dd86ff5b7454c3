// Keeps count of what a page has still to do by itself, so that nothing needs to be waited for where there is nothing: timers,
// frames to draw, and lines or workers that may bring something at any time. Runs before the page's own scripts.
(() => {
  const KEY = Symbol.for("page activity");
  if (window[KEY]) return;
  const now = () => performance.now();
  const due = new Map(); // when each timer will have run, by its number; 0 where that may be at any moment
  let acted = now();
  let drawn = -Infinity; // when the last frame was drawn of those that were waited for
  let [open, tasks] = [0, 0]; // lines and workers; tasks that end by themselves
  const draw = window.requestAnimationFrame;

  const noting = (work, done) => function (...given) {
    acted = now();
    done();
    return Reflect.apply(work, this, given);
  };

  function timing(name, isRepeated) {
    const native = window[name];
    window[name] = { [name](handler, delay, ...given) {
      const wait = Math.max(0, Number(delay) || 0);
      const isWords = typeof handler !== "function"; // words cannot be followed: they are given time enough to have run
      const work = isWords ? handler : noting(handler, () => (isRepeated ? due.set(number, now() + wait) : due.delete(number)));
      const number = Reflect.apply(native, this ?? window, [work, delay, ...given]);
      due.set(number, isWords ? 0 : now() + wait);
      if (isWords && !isRepeated) Reflect.apply(later, window, [() => due.delete(number), wait + 1000]);
      return number;
    } }[name];
    return native;
  }

  const later = timing("setTimeout", false);
  timing("setInterval", true);
  for (const name of ["clearTimeout", "clearInterval"]) {
    const native = window[name];
    window[name] = { [name](number) {
      due.delete(number);
      return Reflect.apply(native, this ?? window, [number]);
    } }[name];
  }

  for (const [name, ending] of [["requestAnimationFrame", "cancelAnimationFrame"], ["requestIdleCallback", "cancelIdleCallback"]]) {
    const [begin, end] = [window[name], window[ending]];
    const key = (number) => `${name} ${number}`;
    window[name] = { [name](work, ...given) {
      if (typeof work !== "function") return Reflect.apply(begin, this ?? window, [work, ...given]);
      const number = Reflect.apply(begin, this ?? window, [noting(work, () => due.delete(key(number))), ...given]);
      due.set(key(number), 0);
      return number;
    } }[name];
    window[ending] = { [ending](number) {
      due.delete(key(number));
      return Reflect.apply(end, this ?? window, [number]);
    } }[ending];
  }

  for (const name of ["WebSocket", "EventSource", "Worker", "SharedWorker", "BroadcastChannel", "RTCPeerConnection"]) {
    if (!window[name]) continue;
    window[name] = new Proxy(window[name], { construct(kind, given, target) {
      open += 1;
      return Reflect.construct(kind, given, target);
    } });
  }

  if (window.scheduler && scheduler.postTask) {
    const native = scheduler.postTask;
    scheduler.postTask = function postTask(...given) {
      tasks += 1;
      const ended = () => { acted = now(); tasks -= 1; };
      const task = Reflect.apply(native, this, given);
      task.then(ended, ended);
      return task;
    };
  }

  const moves = () => document.getAnimations().some((one) => one.playState === "running")
    || [...document.querySelectorAll("video, audio")].some((one) => !one.paused);
  const turns = () => document.querySelector("meta[http-equiv=refresh i]");

  // What comes only once a thing is seen, as a picture that is loaded then, is asked for right after a frame was drawn; a
  // transition begins with the second one.
  const waitForFrames = () => {
    const began = now();
    const inFrame = (work) => Reflect.apply(draw, window, [work]);
    inFrame(() => inFrame(() => Reflect.apply(later, window, [() => { drawn = began; }, 0])));
  };
  const ends = (animation) => animation.playState === "running" && Number.isFinite(animation.effect?.getComputedTiming().endTime);

  // Milliseconds, with commas between them: since the page last did something by itself; until it will, 0 where that is not known;
  // since what was there has been drawn. An hour at most. Then how many things move that will end by themselves.
  const LONGEST = 3600000;
  const tell = () => {
    waitForFrames();
    const until = open || tasks || moves() || turns() ? 0 : Math.min(LONGEST, ...[...due.values()].map((at) => at - now()));
    const ending = document.getAnimations().filter(ends).length;
    return [now() - acted, Math.max(0, until), Math.min(LONGEST, now() - drawn), ending].map(Math.floor).join(",");
  };
  Object.defineProperty(window, KEY, { value: { tell, setTimeout: later.bind(window), requestAnimationFrame: draw.bind(window) } });
})();
