/** The live page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { connect } from "./data/connection.ts";
import { followAddress } from "./parts/nav.tsx";
import { applyTheme } from "./parts/theme.tsx";

applyTheme();
followAddress();
connect();
const place = document.getElementById("page");
if (place !== null) {
  place.replaceChildren();
  render(<App />, place);
}
