// Every screen that people see at the moment « examen ».

import { tour } from "../lib/ecrans.mjs";

export const name = "ACC-1: screens at the moment « examen »";
export const moment = "examen";

export async function run(stage) {
  await tour(stage, moment);
}
