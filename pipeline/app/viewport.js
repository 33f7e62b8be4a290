// Watches the chart of its box. A chart with new data is a new one to Streamlit: what a reader had moved stays, because
// the new one is put there again; also where the page is loaded again, as for another theme. And of the map the server is
// told which part is seen once a movement has ended, but only where cells of the grid could become finer or coarser by
// that: Streamlit hands on clicks, not where a map was moved.

const QUIET = 300; // milliseconds without any move
const STEP = 1; // of zoom: from here on other cells are asked for
const AIR = 0.15; // of what is seen, on each side, so that a small push of the map asks nothing

const AGAIN = performance.getEntriesByType("navigation")[0]?.type === "reload";

class Watch {
  place = null; // where the reader has moved it; null while it shows what it showed at first
  data = {}; // revision: of what the server has drawn; another one stands where the server has put it

  constructor(box, name) {
    this.box = box;
    this.name = name; // of what outlives this watch: Streamlit ends it where a film begins or ends
    this.observer = new MutationObserver(() => this.adopt());
    this.observer.observe(box, { childList: true, subtree: true });
  }

  take(data) {
    const first = this.data.revision === undefined;
    if (data.revision !== this.data.revision) this.place = first ? this.recall(data.revision) : null;
    this.data = data;
    this.adopt();
  }

  recall(wanted) {
    const [load, revision, place] = JSON.parse(sessionStorage.getItem(this.name) ?? "[]");
    return revision === wanted && (AGAIN || load === performance.timeOrigin) ? place : null;
  }

  keep(place) {
    this.place = place;
    sessionStorage.setItem(this.name, JSON.stringify([performance.timeOrigin, this.data.revision, place]));
  }

  end() {
    this.observer.disconnect();
  }
}

class Timeline extends Watch {
  graph = null;

  adopt() {
    const graph = this.box.querySelector(".js-plotly-plot");
    if (!graph?._fullLayout?.xaxis?.r2l || graph === this.graph) return;
    this.graph = graph;
    if (this.place && this.isNear(graph)) window.Plotly.relayout(graph, { "xaxis.range": [...this.place] });
    graph.on("plotly_relayout", (moved) => {
      if (graph === this.graph && Object.keys(moved).some((key) => key.startsWith("xaxis"))) this.follow(graph);
    });
  }

  // Whether anything of what is drawn would be seen.
  isNear(graph) {
    const { range, r2l } = graph._fullLayout.xaxis;
    const [first, last] = range.map((day) => r2l(day));
    return r2l(this.place[0]) < last && r2l(this.place[1]) > first;
  }

  follow(graph) {
    const { range, _rangeInitial0: first, _rangeInitial1: last } = graph._fullLayout.xaxis;
    this.keep(range[0] === first && range[1] === last ? null : [...range]);
  }
}

class WorldMap extends Watch {
  map = null; // of MapLibre, as Plotly has made it
  settled = false; // whether the map stands where the reader has moved it
  asked = null; // zoom and bounds that the server was told last; null while it shows what it showed at first

  // data: { revision, zoom: at first, crowded: whether the server drew cells,
  //         single: whether nothing is finer than what is drawn now }
  take(data, tell) {
    if (data.revision !== this.data.revision) this.asked = null;
    this.tell = tell;
    super.take(data);
    this.later();
  }

  adopt() {
    const graph = this.box.querySelector(".js-plotly-plot");
    const map = graph?._fullLayout?.map?._subplot?.map;
    if (!map || map === this.map) return;
    this.map = map;
    this.settled = !this.place;
    this.follow(graph, map);
    if (this.settled) return;
    const restore = () => setTimeout(() => this.restore(map), 0); // right behind Plotly, which sets it to the first view
    map._loaded ? restore() : map.once("load", restore);
  }

  restore(map) {
    if (map !== this.map) return;
    if (this.place) map.jumpTo(this.place, { originalEvent: {} }); // as by hand, so that Plotly knows of it
    this.settled = true;
    this.later();
  }

  follow(graph, map) {
    const watched = () => map === this.map && this.settled; // and not an old one, on its way out
    // What Plotly tells is done by hand; it moves the map by itself too, to what was seen at first.
    for (const event of ["plotly_relayouting", "plotly_relayout"]) {
      graph.on(event, (moved) => {
        if (watched() && "map.zoom" in moved) this.keep({ center: map.getCenter(), zoom: map.getZoom() });
      });
    }
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
    super.end();
    this.map = null;
  }
}

function begin(element) {
  const map = element.closest(".st-key-map-box");
  return map ? new WorldMap(map, "viewport-map") : new Timeline(element.closest(".st-key-timeline-box"), "viewport-timeline");
}

export default function ({ data, parentElement, setStateValue }) {
  // This runs again whenever the server has answered; the watch goes on.
  parentElement.watch ??= begin(parentElement);
  parentElement.watch.take(data, setStateValue);
  return () => {
    parentElement.watch?.end();
    delete parentElement.watch;
  };
}
