/** A file of functions/src (or another folder) with one mistake, and the rule that must tell. */
export interface LintPlant {
  readonly name: string;
  readonly rule: string;
  readonly text: string;
}
