// Every screen that people see at the moment « admission »; and with the other moments, every page of the route table.

import { missingRoutes, tour } from "../lib/ecrans.mjs";
import { equal } from "../lib/story.mjs";

export const name = "ACC-1: screens at the moment « admission »";
export const moment = "admission";

export async function run(stage) {
  equal((await missingRoutes()).join(" "), "", "routes that no tour shows");
  await tour(stage, moment);
}
