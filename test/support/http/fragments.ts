import { graphql } from '../generated/gql.ts';

// Fragments that documents of several tests spread; codegen finds them by name.
graphql(`
  fragment UnitPosition on Unit {
    ancestors {
      reshId
      name
    }
    enterprise {
      organizationNumber
    }
    region {
      reshId
    }
    treatmentSite {
      organizationNumber
    }
  }
`);

graphql(`
  fragment PlacementFacts on Placement {
    enterprise {
      reshId
    }
    region {
      reshId
    }
    treatmentSite {
      organizationNumber
    }
    codes {
      code {
        code
      }
    }
  }
`);

graphql(`
  fragment ChangedUnit on UnitChange {
    reshId
    kinds
    effectiveOn
    fields {
      ...ChangedField
    }
  }
`);

graphql(`
  fragment ChangedField on FieldChange {
    field
    before {
      ...FieldContent
    }
    after {
      ...FieldContent
    }
  }
`);

graphql(`
  fragment FieldContent on FieldValue {
    text
    type
    parentReshId
    organizationNumber
    designation {
      code
    }
    treatmentSite {
      organizationNumber
    }
    codes {
      code {
        code
        codeSet {
          number
        }
      }
      attributes {
        code
        codeSet {
          number
        }
      }
    }
    identifiers {
      system
      value
    }
    internationalNames {
      language
      name
    }
    addresses {
      type
      lines
      postalCode
      city
      country
    }
    contactPoints {
      type
      value
    }
  }
`);
