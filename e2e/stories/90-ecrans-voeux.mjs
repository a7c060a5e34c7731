// Every screen that people see at the moment « voeux ».

import { tour } from "../lib/ecrans.mjs";

export const name = "ACC-1: screens at the moment « voeux »";
export const moment = "voeux";

export async function run(stage) {
  await tour(stage, moment);
}
