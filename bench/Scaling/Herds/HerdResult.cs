namespace Jobwatch.Bench.Scaling.Herds;

/// <summary>How a herd came back.</summary>
/// <param name="BackAt">When each was back, in seconds after the loss, the first one first.</param>
/// <param name="Tries">Connections that were opened, by those who left again too.</param>
/// <param name="PeakPerSecond">The most that came, as a rate over a tenth of a second, at all edges together.</param>
internal sealed record HerdResult(IReadOnlyList<double> BackAt, int Tries, double PeakPerSecond)
{
    public double Percentile(double part) => BackAt[(int)Math.Clamp(Math.Ceiling(part * BackAt.Count) - 1, 0, BackAt.Count - 1)];
}
