using System.Globalization;
using Google.Protobuf.Reflection;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>The words of an enum in requests, as proto JSON has them; their numbers are taken too.</summary>
internal static class Words
{
    /// <summary>Those that say something, for people: the one for nothing is left out.</summary>
    public static string Of(EnumDescriptor words) =>
        string.Join(", ", words.Values.Where(word => word.Number != 0).Select(word => word.Name));

    public static bool Has(EnumDescriptor words, string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? words.FindValueByNumber(number) is not null
            : words.FindValueByName(text) is not null;
}
