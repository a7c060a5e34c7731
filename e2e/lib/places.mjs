// What a course offers, typed in its page.

/** A capacity, and the places of the groups that make it. */
export async function fillPlaces(page, capacity) {
  await page.locator('[name="capacite"]').fill(String(capacity));
  const groups = await page.locator('[name^="places-"]').all();
  for (const [index, group] of groups.entries()) {
    const share = Math.floor(capacity / groups.length) + (index < capacity % groups.length ? 1 : 0);
    await group.fill(String(share));
  }
}
