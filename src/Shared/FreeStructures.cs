using Google.Protobuf.WellKnownTypes;

namespace Jobwatch.Shared;

/// <summary>How deep the free structures of producers are.</summary>
internal static class FreeStructures
{
    /// <summary>
    /// Objects and lists within each other, the outermost one too. Each is up to three messages in protobuf, of which readers take 100
    /// within each other; around a summary there are more in a watch's snapshot than in the append.
    /// </summary>
    public const int MaxLevels = 30;

    public static int LevelsOf(Struct structure) => LevelsOf(structure.Fields.Values);

    private static int LevelsOf(IEnumerable<Value> within) => 1 + within.Select(LevelsOf).DefaultIfEmpty().Max();

    private static int LevelsOf(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StructValue => LevelsOf(value.StructValue),
        Value.KindOneofCase.ListValue => LevelsOf(value.ListValue.Values),
        _ => 0,
    };
}
