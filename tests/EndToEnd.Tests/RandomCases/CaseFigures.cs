namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>How much was tried.</summary>
internal readonly record struct CaseFigures(int Producers, int Events, int Watchers, int Sessions, int Seen)
{
    public static CaseFigures operator +(CaseFigures one, CaseFigures other) => new(
        one.Producers + other.Producers,
        one.Events + other.Events,
        one.Watchers + other.Watchers,
        one.Sessions + other.Sessions,
        one.Seen + other.Seen);
}
