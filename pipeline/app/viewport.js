// Watches the map of its box. A chart with new data is a new one to Streamlit: what a reader had moved stays, because
// the new map is put there again. And the server is told which part is seen once a movement has ended, but only where
// cells of the grid could become finer or coarser by that: Streamlit hands on clicks, not where a map was moved.

const QUIET = 300; // milliseconds without any move
const STEP = 1; // of zoom: from here on other cells are asked for
const AIR = 0.15; // of what is seen, on each side, so that a small push of the map asks nothing

class Watch {
  map = null; // of MapLibre, as Plotly has made it
  place = null; // where the reader has moved it
  settled = false; // whether the map stands there
  asked = null; // zoom and bounds that the server was told last; null while it shows what it showed at first
  data = {};

  constructor(box) {
    this.box = box;
    this.observer = new MutationObserver(() => this.adopt());
    this.observer.observe(box, { childList: true, subtree: true });
  }

  // data: { revision: of what the server has drawn, zoom: of that at first, crowded: whether it drew cells,
  //         single: whether nothing is finer than what is drawn now }
  take(data, tell) {
    if (data.revision !== this.data.revision) this.place = this.asked = null;
    this.data = data;
    this.tell = tell;
    this.adopt();
    this.later();
  }

  adopt() {
    const map = this.box.querySelector(".js-plotly-plot")?._fullLayout?.map?._subplot?.map;
    if (!map || map === this.map) return;
    this.map = map;
    this.settled = !this.place;
    if (this.settled) return this.follow(map);
    map.once("load", () => setTimeout(() => this.restore(map), 0)); // right behind Plotly, which sets it to the first view
  }

  restore(map) {
    if (map !== this.map) return;
    if (this.place) map.jumpTo(this.place, { originalEvent: {} }); // as by hand, so that Plotly knows of it
    this.settled = true;
    this.follow(map);
    this.later();
  }

  follow(map) {
    const watched = () => map === this.map; // and not an old one, on its way out
    map.on("move", () => {
      if (watched()) this.place = { center: map.getCenter(), zoom: map.getZoom() };
    });
    map.on("moveend", () => {
      if (watched()) this.later();
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), QUIET);
  }

  look() {
    const { map, data, asked } = this;
    if (!map || !this.settled || !data.crowded) return;
    if (map.isMoving()) return this.later();
    const zoom = map.getZoom();
    if (zoom < data.zoom + STEP) {
      if (asked) this.ask(null);
      return;
    }
    const round = Math.round(map.getCenter().lng / 360) * 360; // the world goes on beyond its edges
    const [[west, south], [east, north]] = map.getBounds().toArray();
    const seen = [Math.max(-180, west - round), south, Math.min(180, east - round), north];
    const inside = asked && asked.bounds.every((edge, side) => (side < 2 ? edge <= seen[side] : edge >= seen[side]));
    if (inside && (data.single ? zoom > asked.zoom - STEP : Math.abs(zoom - asked.zoom) < STEP)) return;
    const wide = (east - west) * AIR;
    const high = (north - south) * AIR;
    const [left, right] = [Math.max(-180, seen[0] - wide), Math.min(180, seen[2] + wide)];
    this.ask({ zoom, bounds: [left, Math.max(-90, south - high), right, Math.min(90, north + high)] });
  }

  ask(seen) {
    this.asked = seen;
    this.tell("seen", seen && { revision: this.data.revision, bounds: seen.bounds });
  }

  end() {
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.map = null;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  // This runs again whenever the server has answered; the watch goes on.
  parentElement.watch ??= new Watch(parentElement.closest(".st-key-map-box"));
  parentElement.watch.take(data, setStateValue);
  return () => {
    parentElement.watch?.end();
    delete parentElement.watch;
  };
}
