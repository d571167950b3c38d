/** How large the picture of the lab is drawn: as a whole, or by a factor in a frame that scrolls. */
import { signal } from "@preact/signals";

/** Factor to the picture's own size; null: all of it fits into the frame. */
export const zoom = signal<number | null>(null);

const LEAST = 0.1;
const MOST = 4;
/** Of a button. */
export const STEP = 1.25;

interface Place {
  readonly clientX: number;
  readonly clientY: number;
}

/** Draws the picture larger or smaller; what is at the place, or in the middle, stays where it is. */
export function zoomBy(frame: HTMLElement, factor: number, place?: Place): void {
  const picture = frame.querySelector<SVGSVGElement>(":scope > svg");
  if (picture === null) return;
  const frameBox = frame.getBoundingClientRect();
  const at = place ?? {
    clientX: frameBox.left + frame.clientWidth / 2,
    clientY: frameBox.top + frame.clientHeight / 2,
  };
  const before = picture.getBoundingClientRect();
  const now = before.width / picture.viewBox.baseVal.width;
  const next = Math.min(MOST, Math.max(LEAST, now * factor));
  const share = {
    x: (at.clientX - before.left) / before.width,
    y: (at.clientY - before.top) / before.height,
  };
  zoom.value = next;
  // At once, because the place can be held only in a picture that has its new size.
  Object.assign(picture.style, sizeStyle(picture.viewBox.baseVal, next));
  const after = picture.getBoundingClientRect();
  frame.scrollLeft += after.left + share.x * after.width - at.clientX;
  frame.scrollTop += after.top + share.y * after.height - at.clientY;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The picture's width as CSS; the height follows. */
export function sizeStyle({ width, height }: Size, factor: number | null): { width: string } {
  if (factor !== null) return { width: `${Math.round(width * factor)}px` };
  // As large as the window allows, and little larger than drawn.
  return { width: `min(100%, ${Math.round(width * 1.15)}px, ${((70 * width) / height).toFixed(1)}vh)` };
}

/** Wheel with Ctrl (as trackpads tell a pinch, too) and two fingers zoom; what undoes it. */
export function listenForZoom(frame: HTMLElement): () => void {
  const onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomBy(frame, Math.exp(-event.deltaY / (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 8 : 240)), event);
  };
  let apart: number | null = null;
  const onTouch = (event: TouchEvent): void => {
    const [one, other] = event.touches;
    if (one === undefined || other === undefined) {
      apart = null;
      return;
    }
    event.preventDefault();
    const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const middle = {
      clientX: (one.clientX + other.clientX) / 2,
      clientY: (one.clientY + other.clientY) / 2,
    };
    if (apart !== null && apart > 0) zoomBy(frame, now / apart, middle);
    apart = now;
  };
  const touches = ["touchstart", "touchmove", "touchend", "touchcancel"] as const;
  frame.addEventListener("wheel", onWheel, { passive: false });
  for (const name of touches) frame.addEventListener(name, onTouch, { passive: false });
  return () => {
    frame.removeEventListener("wheel", onWheel);
    for (const name of touches) frame.removeEventListener(name, onTouch);
  };
}
