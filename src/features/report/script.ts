/** The only script of a report: a line that follows the pointer over the timeline and says when that is. Nothing needs it. */
export const SCRIPT = `for (const timeline of document.querySelectorAll(".timeline")) {
  const backdrop = timeline.querySelector(".backdrop");
  const cross = backdrop.querySelector(".cross");
  const line = cross.querySelector("line");
  const text = cross.querySelector("text");
  timeline.addEventListener("pointermove", ({ clientX, clientY }) => {
    const { left, top, width } = backdrop.getBoundingClientRect();
    const share = (clientX - left) / width;
    cross.classList.toggle("on", share >= 0 && share <= 1);
    for (const name of ["x1", "x2"]) line.setAttribute(name, clientX - left);
    text.setAttribute("x", clientX - left + (share > 0.5 ? -8 : 8));
    text.setAttribute("y", clientY - top - 8);
    text.setAttribute("text-anchor", share > 0.5 ? "end" : "start");
    text.textContent = (share * timeline.dataset.end).toFixed(2) + " s";
  });
  timeline.addEventListener("pointerleave", () => cross.classList.remove("on"));
}
`;
