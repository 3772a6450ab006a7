"use strict";

const specs = JSON.parse(document.getElementById("specs").textContent);
const config = JSON.parse(document.getElementById("config").textContent);
const options = {
  mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false,
  tooltip: {disableDefaultStyle: true, offsetX: 12, offsetY: 12},
};
const ERRORS = 1;  // the level of Vega's log that tells faults alone
const views = new Map();

async function draw(place) {
  const {view} = await vegaEmbed(place, {...specs[place.dataset.chart], config}, options);
  // Hiding everything leaves axes without extent, which is no fault.
  view.logLevel(ERRORS);
  views.set(place, view);
}

async function set(group, signals) {
  for (const place of group.querySelectorAll(".plot")) {
    const view = views.get(place);
    for (const [name, value] of Object.entries(signals)) view?.signal(name, value);
    await view?.runAsync();
  }
}

function number(input) {
  return input.value === "" ? null : Number(input.value);
}

for (const group of document.querySelectorAll(".group")) {
  const keys = [...group.querySelectorAll(".key")];
  const show = () => set(group, {
    hidden: keys.filter(key => key.getAttribute("aria-pressed") === "false").map(key => key.dataset.setting),
  });
  for (const key of keys) key.addEventListener("click", () => {
    key.setAttribute("aria-pressed", String(key.getAttribute("aria-pressed") === "false"));
    show();
  });
  for (const [button, pressed] of [[".every", "true"], [".none", "false"]]) {
    group.querySelector(button)?.addEventListener("click", () => {
      for (const key of keys) key.setAttribute("aria-pressed", pressed);
      show();
    });
  }
  const [first, last] = [group.querySelector(".first"), group.querySelector(".last")];
  for (const input of [first, last]) {
    input.addEventListener("input", () => set(group, {first: number(first), last: number(last)}));
  }
}

(async () => {
  for (const place of document.querySelectorAll(".plot")) await draw(place);
  // Charts have the width of their place, and folded it has none: they are folded when they are drawn.
  for (const details of document.querySelectorAll("details.charts")) {
    details.open = false;
    details.addEventListener("toggle", () => dispatchEvent(new Event("resize")));
  }
  document.documentElement.dataset.drawn = views.size;
})();
