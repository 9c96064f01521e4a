using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Google.Api;
using Google.Protobuf.Reflection;
using Jobwatch.SseEdge.Problems;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>What of a body stands in messages: its values, its places, and the names that it may have.</summary>
internal static class BodyText
{
    /// <summary>The value that the reader is at, shortened.</summary>
    public static string Given(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => Shown.Text(json.GetString()!),
        _ => Shown.Text(Encoding.UTF8.GetString(json.ValueSpan)),
    };

    /// <summary>Whether the string or name that the reader is at is text: in UTF-8, and without half a surrogate pair.</summary>
    public static bool IsText(ref Utf8JsonReader json)
    {
        if (!Utf8.IsValid(json.ValueSpan))
            return false;
        if (!json.ValueIsEscaped)
            return true;
        try
        {
            json.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // The reader's only word for an escape that is half a pair.
            return false;
        }
    }

    /// <summary>Line and byte of a place, both counted from 1 as in messages on malformed JSON.</summary>
    public static string Place(ReadOnlySpan<byte> body, long index)
    {
        var before = body[..(int)index];
        return $"line {before.Count((byte)'\n') + 1}, byte {before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1}";
    }

    /// <summary>The fields of a message that a caller can set, as JSON names them.</summary>
    public static string NamesOf(MessageDescriptor message)
    {
        var names = message.Fields.InFieldNumberOrder().Where(field => !IsServers(field)).Select(field => field.JsonName);
        var all = string.Join(", ", names);
        return all.Length == 0 ? "there are none here" : $"here are {all}";
    }

    private static bool IsServers(FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.OutputOnly) == true;
}
