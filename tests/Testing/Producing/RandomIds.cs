namespace Jobwatch.Testing.Producing;

/// <summary>Ids that the same seed gives again.</summary>
internal static class RandomIds
{
    public static string NextUuid(this Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    public static T Pick<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>True this often, 0 to 1.</summary>
    public static bool Chance(this Random random, double often) => random.NextDouble() < often;
}
