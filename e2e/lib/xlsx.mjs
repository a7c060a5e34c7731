// A workbook read and written without our own code: what a spreadsheet would have saved.

import { crc32, inflateRawSync } from "node:zlib";

/** The rows of the first sheet, as texts. */
export function readXlsx(bytes) {
  const parts = unzip(bytes);
  const strings = texts(parts.get("xl/sharedStrings.xml") ?? "", "si");
  const rows = [];
  for (const [, row] of (parts.get("xl/worksheets/sheet1.xml") ?? "").matchAll(/<row [^>]*>(.*?)<\/row>/gs)) {
    rows.push([...row.matchAll(/<c [^>]*t="s"[^>]*><v>(\d+)<\/v>/g)].map(([, place]) => strings[Number(place)]));
  }
  return rows;
}

/** The rows of each sheet, by its name: every cell in its column, numbers as they are written. */
export function readSheets(bytes) {
  const parts = unzip(bytes);
  const strings = texts(parts.get("xl/sharedStrings.xml") ?? "", "si");
  const sheets = new Map();
  for (const [, name] of (parts.get("xl/workbook.xml") ?? "").matchAll(/<sheet name="([^"]*)"/g)) {
    const rows = [];
    const sheet = parts.get(`xl/worksheets/sheet${sheets.size + 1}.xml`) ?? "";
    for (const [, row] of sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)) {
      const cells = [];
      for (const [, letters, kind, value] of row.matchAll(/<c r="([A-Z]+)\d+"([^>]*)><v>([^<]*)<\/v>/g)) {
        cells[place(letters)] = kind.includes('t="s"') ? strings[Number(value)] : value;
      }
      rows.push(Array.from(cells, (cell) => cell ?? ""));
    }
    sheets.set(plain(name), rows);
  }
  return sheets;
}

/** A workbook of one sheet of texts, its parts stored as they are. */
export const writeXlsx = (sheet, rows) => writeSheets(new Map([[sheet, rows]]));

/** A workbook of several sheets of texts, by their names. */
export function writeSheets(sheets) {
  const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const cell = (text) => `<c t="inlineStr"><is><t>${escape(text)}</t></is></c>`;
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const pack = "http://schemas.openxmlformats.org/package/2006";
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const all = [...sheets].map(([name, rows], i) => {
    const lines = rows.map((row, n) => `<row r="${n + 1}">${row.map(cell).join("")}</row>`).join("");
    return { n: i + 1, name: escape(name), xml: `${head}<worksheet xmlns="${main}"><sheetData>${lines}</sheetData></worksheet>` };
  });
  const each = (write) => all.map(write).join("");
  return zip({
    "[Content_Types].xml": `${head}<Types xmlns="${pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${each(({ n }) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)}</Types>`,
    "_rels/.rels": `${head}<Relationships xmlns="${pack}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each(({ n, name }) => `<sheet name="${name}" sheetId="${n}" r:id="r${n}"/>`)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${head}<Relationships xmlns="${pack}/relationships">${each(({ n }) => `<Relationship Id="r${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`,
    ...Object.fromEntries(all.map(({ n, xml }) => [`xl/worksheets/sheet${n}.xml`, xml])),
  });
}

/** The place of a column, from 0: « A », « AB ». */
const place = (letters) => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

const plain = (text) =>
  text.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

function texts(xml, tag) {
  return [...xml.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"))].map(([, inside]) => plain(inside));
}

/** The parts of an archive, by its central directory. */
function unzip(bytes) {
  const parts = new Map();
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + size);
    parts.set(bytes.toString("utf8", at + 46, at + 46 + name), (method === 0 ? data : inflateRawSync(data)).toString("utf8"));
    at += 46 + name + extra + comment;
  }
  return parts;
}

function zip(parts) {
  const bodies = [];
  const directory = [];
  let at = 0;
  for (const [path, text] of Object.entries(parts)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    // Version, flags, method, hour and day, sum, both sizes, length of the name, no extra field.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    bodies.push(Buffer.from("PK\x03\x04", "latin1"), common, name, data);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, place, name);
    at += 30 + name.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, listed, end]);
}
