/** The package has no types of its own; what the tests ask of it. */
declare module 'parse-prometheus-text-format' {
  interface Metric {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly metrics: readonly {
      readonly labels?: Readonly<Record<string, string>>;
      readonly value: string;
    }[];
  }
  export default function parsePrometheusTextFormat(text: string): readonly Metric[];
}
