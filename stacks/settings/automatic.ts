/**
 * Value of a setting that the Plan decides. `Pulumi.yaml` gives it to every key except `scale`, because Pulumi demands
 * a value for each declared key without a default.
 */
export const automatic = "auto";
