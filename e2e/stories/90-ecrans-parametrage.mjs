// Every screen that people see at the moment « parametrage ».

import { tour } from "../lib/ecrans.mjs";

export const name = "ACC-1: screens at the moment « parametrage »";
export const moment = "parametrage";

export async function run(stage) {
  await tour(stage, moment);
}
