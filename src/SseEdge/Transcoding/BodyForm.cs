using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.Shared;
using Jobwatch.SseEdge.Problems;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>
/// Walks a JSON body beside its message and finds the first place where they part. The transcoder says of such a body only that
/// it is wrong, and nothing of names that it doesn't know: a misspelt field would be lost in silence. What proto JSON allows and the transcoder
/// doesn't read is written over by what says the same.
/// </summary>
/// <param name="body">The body, which may be changed.</param>
/// <param name="inPath">The fields that the path has already given, by their names in the protos.</param>
internal sealed class BodyForm(Memory<byte> body, IReadOnlyDictionary<string, string> inPath)
{
    private const string OtherJson = "google.protobuf.Struct";
    private const string Twice = "was given twice; it can be given only once";
    private const string Time = "google.protobuf.Timestamp";

    // Where the walk is: field names, with their index in a list.
    private readonly Stack<string> _path = new();

    /// <summary>The first wrong place, or null. Throws <see cref="JsonException"/> where the text is not JSON at all.</summary>
    public FieldError? FirstError(MessageDescriptor message)
    {
        var json = new Utf8JsonReader(body.Span);
        json.Read();
        if (Message(ref json, message) is { } error)
            return error;
        json.Read();
        return null;
    }

    private FieldError? Message(ref Utf8JsonReader json, MessageDescriptor message)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return Not(ref json, "an object");
        var given = new HashSet<int>();
        var said = new Dictionary<OneofDescriptor, string>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!BodyText.IsText(ref json))
                return NoText(ref json, "a name here");
            var name = json.GetString()!;
            var field = message.Fields.InDeclarationOrder().FirstOrDefault(one => one.JsonName == name || one.Name == name);
            _path.Push(field?.Name ?? name);
            if (field is null)
                return Wrong($"there is no such field; {BodyText.NamesOf(message)}");
            // By either of its names.
            if (!given.Add(field.FieldNumber))
                return Wrong(Twice);
            json.Read();
            if (field.RealContainingOneof is { } choice && json.TokenType != JsonTokenType.Null && !said.TryAdd(choice, field.Name))
                return Wrong($"can't be given together with {said[choice]}");
            if (Field(ref json, field) is { } error)
                return error;
            if (_path.Count == 1 && Elsewhere(ref json, field) is { } other)
                return other;
            _path.Pop();
        }

        return null;
    }

    private FieldError? Field(ref Utf8JsonReader json, FieldDescriptor field) => json.TokenType switch
    {
        // As good as absent.
        JsonTokenType.Null when field.IsMap => WriteOver(ref json, "{}"u8),
        JsonTokenType.Null when field.IsRepeated => WriteOver(ref json, "[]"u8),
        JsonTokenType.Null => null,
        _ when field.IsMap => Map(ref json, field.MessageType.FindFieldByNumber(2)),
        _ when field.IsRepeated => List(ref json, field),
        _ => Value(ref json, field),
    };

    private FieldError? Map(ref Utf8JsonReader json, FieldDescriptor value)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return Not(ref json, "an object");
        var given = Names();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!BodyText.IsText(ref json))
                return NoText(ref json, "a name here");
            var key = json.GetString()!;
            _path.Push(key);
            if (!given.Add(key))
                return Wrong(Twice);
            json.Read();
            if (Value(ref json, value) is { } error)
                return error;
            _path.Pop();
        }

        return null;
    }

    private FieldError? List(ref Utf8JsonReader json, FieldDescriptor field)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            return Not(ref json, "a list");
        var name = _path.Pop();
        for (var index = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; index++)
        {
            _path.Push($"{name}[{index}]");
            if (Value(ref json, field) is { } error)
                return error;
            _path.Pop();
        }

        _path.Push(name);
        return null;
    }

    private FieldError? Value(ref Utf8JsonReader json, FieldDescriptor field)
    {
        if (json.TokenType == JsonTokenType.String && !BodyText.IsText(ref json))
            return NoText(ref json, "it");
        return field.FieldType switch
        {
            FieldType.Message when field.MessageType.FullName == OtherJson => AnyObject(ref json),
            FieldType.Message when field.MessageType.FullName == Time =>
                IsTime(ref json) ? null : Not(ref json, "a time such as 2026-11-23T08:00:00Z"),
            FieldType.Message => Message(ref json, field.MessageType),
            FieldType.String => json.TokenType == JsonTokenType.String ? null : Not(ref json, "a string"),
            FieldType.Bool when json.TokenType is not (JsonTokenType.True or JsonTokenType.False) =>
                Wrong($"{BodyText.Given(ref json)} is neither true nor false"),
            FieldType.Enum when !IsWord(ref json, field.EnumType) =>
                Wrong($"{BodyText.Given(ref json)} is none of {Words.Of(field.EnumType)}"),
            FieldType.Int64 => IsLong(ref json) ? null : Not(ref json, "a 64-bit integer"),
            // No message of a body has a field of another type: the transcoder would judge it.
            _ => null,
        };
    }

    // The transcoder would let the path win in silence.
    private FieldError? Elsewhere(ref Utf8JsonReader json, FieldDescriptor field) =>
        json.TokenType == JsonTokenType.String
        && inPath.TryGetValue(field.Name, out var expected)
        && json.GetString() is { Length: > 0 } given
        && given != expected
            ? Wrong($"it is {Shown.Text(given)}, but {Shown.Text(expected)} in the path; leave it out or give the same")
            : null;

    private FieldError? AnyObject(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return Not(ref json, "an object");
        // The names of each object that the walk is in; a list has none.
        var within = new Stack<HashSet<string>?>([Names()]);
        while (within.Count > 0 && json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when within.Count == FreeStructures.MaxLevels:
                    return Wrong($"it is nested too deep at {PlaceOf(ref json)}; a free structure has at most {FreeStructures.MaxLevels} levels");
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    within.Push(json.TokenType == JsonTokenType.StartObject ? Names() : null);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    within.Pop();
                    break;
                case JsonTokenType.PropertyName or JsonTokenType.String when !BodyText.IsText(ref json):
                    return NoText(ref json, "a text in it");
                case JsonTokenType.PropertyName when !within.Peek()!.Add(json.GetString()!):
                    return Wrong($"{Shown.Text(json.GetString()!)} at {PlaceOf(ref json)} {Twice}");
            }
        }

        return null;
    }

    private static HashSet<string> Names() => new(StringComparer.Ordinal);

    private static bool IsWord(ref Utf8JsonReader json, EnumDescriptor words) =>
        json.TokenType == JsonTokenType.String
            ? words.FindValueByName(json.GetString()!) is not null
            : json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) && words.FindValueByNumber(number) is not null;

    private bool IsLong(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String
            ? long.TryParse(json.ValueSpan, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
            : json.TokenType == JsonTokenType.Number && (json.TryGetInt64(out _) || IsWhole(ref json));

    // Of producers whose numbers are all of one type: 40.0 is 40.
    private bool IsWhole(ref Utf8JsonReader json)
    {
        var number = json.ValueSpan;
        var point = number.IndexOf((byte)'.');
        if (point < 0
            || number[(point + 1)..].ContainsAnyExcept((byte)'0')
            || !Utf8Parser.TryParse(number[..point], out long _, out var read)
            || read < point)
        {
            return false;
        }

        body.Span.Slice((int)json.TokenStartIndex + point, number.Length - point).Fill((byte)' ');
        return true;
    }

    private FieldError? WriteOver(ref Utf8JsonReader json, ReadOnlySpan<byte> text)
    {
        var place = body.Span.Slice((int)json.TokenStartIndex, json.ValueSpan.Length);
        place.Fill((byte)' ');
        text.CopyTo(place);
        return null;
    }

    private static bool IsTime(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
            return false;
        try
        {
            JsonParser.Default.Parse<Timestamp>($"\"{json.GetString()}\"");
            return true;
        }
        catch (Exception refused) when (refused is InvalidProtocolBufferException or InvalidJsonException)
        {
            return false;
        }
    }

    private FieldError Not(ref Utf8JsonReader json, string what) => Wrong($"{BodyText.Given(ref json)} is not {what}");

    private FieldError NoText(ref Utf8JsonReader json, string what) => Wrong(
        $"{what} is no text: the string at {PlaceOf(ref json)} has bytes that are not UTF-8, or half a surrogate pair");

    private string PlaceOf(ref Utf8JsonReader json) => BodyText.Place(body.Span, json.TokenStartIndex);

    private FieldError Wrong(string detail) => new(_path.Count == 0 ? "body" : string.Join('.', _path.Reverse()), detail);
}
