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
      field
      old
      new
    }
  }
`);
