using System.Collections.Frozen;
using Jobwatch.V1;
using Payload = Jobwatch.V1.ExecutionEvent.PayloadOneofCase;

namespace Jobwatch.StreamService.Journal;

/// <summary>The names of the payloads, as an event's <c>type</c> has them: those of the proto's fields.</summary>
internal static class PayloadNames
{
    private static readonly FrozenDictionary<Payload, string> Names = ExecutionEvent.Descriptor.Oneofs[0].Fields
        .ToFrozenDictionary(field => (Payload)field.FieldNumber, field => field.Name);

    private static readonly FrozenDictionary<string, Payload> Payloads = Names
        .ToFrozenDictionary(name => name.Value, name => name.Key);

    /// <summary>All names, in the proto's order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.OrderBy(name => name.Key).Select(name => name.Value)];

    public static string Of(Payload payload) => Names[payload];

    public static bool TryParse(string name, out Payload payload) => Payloads.TryGetValue(name, out payload);
}
