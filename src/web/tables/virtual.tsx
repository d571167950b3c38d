import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface VirtualProps<T> {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly T[];
  readonly rowHeight: number;
  readonly keyOf: (row: T) => string;
  /** As many cells as there are columns. */
  readonly cells: (row: T) => readonly ComponentChildren[];
  readonly empty: string;
  readonly className: string;
}

/** Rows beyond the window that are drawn, so that a fast scroll shows no gap. */
const BEYOND = 8;

/** A table of thousands: only the rows in sight are in the document, and readers are told how many there are. */
export function VirtualTable<T>(props: VirtualProps<T>) {
  const { label, columns, rows, rowHeight, keyOf, cells, empty, className } = props;
  const place = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const measure = (): void => setWindow({ top: current.scrollTop, height: current.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    current.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      current.removeEventListener("scroll", measure);
    };
  }, []);
  const first = Math.max(0, Math.floor(window.top / rowHeight) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((window.top + window.height) / rowHeight) + BEYOND);
  return (
    <div class={`virtual ${className}`} role="table" aria-label={label} aria-rowcount={rows.length + 1}>
      <div class="virtual-head" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <span key={column} role="columnheader">
            {column}
          </span>
        ))}
      </div>
      <div
        class="virtual-body"
        ref={place}
        tabIndex={0}
        role="rowgroup"
        aria-label={`${label}, ${rows.length} rows`}
      >
        {rows.length === 0 ? <p class="empty">{empty}</p> : null}
        <div class="virtual-all" style={{ height: `${rows.length * rowHeight}px` }} role="presentation">
          {rows.slice(first, last).map((row, index) => (
            <div
              key={keyOf(row)}
              role="row"
              aria-rowindex={first + index + 2}
              class="virtual-row"
              style={{ transform: `translateY(${(first + index) * rowHeight}px)`, height: `${rowHeight}px` }}
            >
              {cells(row).map((cell, column) => (
                <span key={columns[column]} role="cell" data-column={columns[column]}>
                  {cell}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
