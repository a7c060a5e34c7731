// What the stories of the settings of courses share.

/** What a field says of last year: « En 2023 : 24 places. » */
export async function lastYear(page, field) {
  const hint = await page.locator(`[name="${field}"]`).evaluate((input) =>
    input.closest(".fr-input-group, .fr-fieldset__element, div")?.textContent ?? "");
  const found = hint.replace(/[\s\u202f\u00a0]+/g, " ").match(/En 2023 : ([\d ]+(?:,\d+)?)/);
  if (!found) throw new Error(`${field}: no value of last year in « ${hint} »`);
  return found[1].replace(/ /g, "");
}
