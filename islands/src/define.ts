import { SpasmPlayer } from "./spasm-player";

if (!customElements.get("spasm-player")) customElements.define("spasm-player", SpasmPlayer);
