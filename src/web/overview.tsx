import { LabCard } from "./lab/picture.tsx";
import { Plots } from "./plots/plots.tsx";
import { LogList } from "./tables/events.tsx";
import { Problems } from "./lab/problems.tsx";

/** What one leaves open on the second screen. */
export function Overview() {
  return (
    <div class="overview">
      <LabCard />
      <Plots>
        <section class="card side-card" aria-labelledby="latest-title">
          <Problems />
          <h2 id="latest-title">Latest events</h2>
          <LogList most={30} />
        </section>
      </Plots>
    </div>
  );
}
