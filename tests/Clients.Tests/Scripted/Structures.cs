using Google.Protobuf.WellKnownTypes;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>Free structures of events.</summary>
internal static class Structures
{
    /// <summary>Objects within each other, of which the inmost has nothing.</summary>
    internal static Struct Nested(int levels) =>
        levels == 1 ? new Struct() : new Struct { Fields = { ["a"] = Value.ForStruct(Nested(levels - 1)) } };
}
