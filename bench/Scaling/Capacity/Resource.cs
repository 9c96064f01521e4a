namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>Something that processes of a kind can run out of.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="Used">What all of them use together.</param>
/// <param name="Each">What one of them has.</param>
/// <param name="Fill">The part of it that may be used.</param>
internal sealed record Resource(Kind Kind, string Name, double Used, double Each, double Fill)
{
    public int Needs => (int)Math.Min(int.MaxValue, Math.Ceiling(Used / (Each * Fill)));

    /// <summary>What part of it is used when there are so many.</summary>
    public double UsedOf(int count) => Used / (Each * count);
}
