using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.SseEdge.Problems;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.WebUtilities;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>
/// What the query of one route may hold. The transcoder passes over names that it doesn't know, and a misspelt filter would
/// then select everything: here it is an error.
/// </summary>
internal sealed partial class QueryForm(GrpcJsonTranscodingMetadata metadata)
{
    /// <summary>The start of a stream for callers who can't set the header of the same name.</summary>
    public const string LastEventId = "last_event_id";

    private const string LastEventIdHeader = "Last-Event-ID";

    private readonly MessageDescriptor _request = metadata.MethodDescriptor.InputType;
    private readonly bool _bodyHasAll = metadata.HttpRule.Body.Length > 0;
    private readonly bool _streams = metadata.MethodDescriptor.IsServerStreaming;
    private readonly HashSet<string> _inPath = RouteFields.Of(metadata.HttpRule);
    private readonly string _whatThereIs = WhatThereIs(metadata);

    /// <summary>The first thing wrong with the query, or with the header that stands for a part of it; null if it can be bound.</summary>
    public Problem? FirstProblem(HttpRequest request)
    {
        // A proxy, or a client's library, may have joined the two lines by a comma; no cursor has one.
        if (_streams && request.Headers.GetCommaSeparatedValues(LastEventIdHeader) is { Length: > 1 } cursors)
            return Problem.InvalidField(LastEventIdHeader, Repeated(cursors.Length));
        if (NoText(request.QueryString) is { } bytes)
            return Problem.InvalidField(bytes, "it is no text: it has bytes that are not UTF-8");
        var said = new Dictionary<OneofDescriptor, string>();
        foreach (var (name, values) in request.Query)
        {
            if (_streams && name == LastEventId && values.Count == 1)
                continue;
            if (_streams && name == LastEventId)
                return Problem.InvalidField(name, Repeated(values.Count));
            if (Find(name) is not { } field)
                return Problem.InvalidField(name, $"there is no such query parameter; {_whatThereIs}");
            if (values.Count > 1 && !field.IsRepeated)
                return Problem.InvalidField(name, Repeated(values.Count));
            if (field.RealContainingOneof is { } choice && !said.TryAdd(choice, name))
                return Problem.InvalidField(name, $"can't be given together with {said[choice]}");
            for (var i = 0; i < values.Count; i++)
            {
                if (WrongWith(field, values[i] ?? "") is not { } wrong)
                    continue;
                var place = field.IsRepeated ? $"{name}[{i}]" : name;
                // Words stand in filters only; the node calls a wrong one of those so too.
                return field.FieldType == FieldType.Enum ? Problem.InvalidFilter(place, wrong) : Problem.InvalidField(place, wrong);
            }
        }

        return null;
    }

    // The framework takes such bytes for text that reads %ff, and would look for that.
    private static string? NoText(QueryString query)
    {
        foreach (var given in new QueryStringEnumerable(query.Value))
        {
            var value = Encoding.UTF8.GetBytes(given.EncodedValue.ToArray());
            if (!Utf8.IsValid(WebUtility.UrlDecodeToBytes(value, 0, value.Length)))
                return given.DecodeName().ToString();
        }

        return null;
    }

    private static string Repeated(int times) => $"was given {(times == 2 ? "twice" : $"{times} times")}; it can be given only once";

    private FieldDescriptor? Find(string name)
    {
        if (_bodyHasAll)
            return null;
        var message = _request;
        FieldDescriptor? field = null;
        foreach (var part in name.Split('.'))
        {
            field = message?.Fields.InDeclarationOrder().FirstOrDefault(one => one.Name == part || one.JsonName == part);
            if (field is null || (message == _request && _inPath.Contains(field.Name)))
                return null;
            message = field is { FieldType: FieldType.Message, IsRepeated: false } ? field.MessageType : null;
        }

        // A message as such has no form in a query, but for those of protobuf that are written as one word.
        var isWord = field!.FieldType != FieldType.Message || field.MessageType.FullName == "google.protobuf.Duration";
        return isWord ? field : null;
    }

    private static string WhatThereIs(GrpcJsonTranscodingMetadata metadata)
    {
        var names = RouteFields.InQuery(metadata.MethodDescriptor.InputType, metadata.HttpRule).Select(parameter => parameter.Name);
        var all = string.Join(", ", metadata.MethodDescriptor.IsServerStreaming ? names.Append(LastEventId) : names);
        return all.Length == 0 ? "this route takes none" : $"this route takes {all}";
    }

    private static string? WrongWith(FieldDescriptor field, string value) => field.FieldType switch
    {
        FieldType.Bool => bool.TryParse(value, out _) ? null : $"{Shown.Text(value)} is neither true nor false",
        FieldType.Enum => Words.Has(field.EnumType, value) ? null : $"{Shown.Text(value)} is none of {Words.Of(field.EnumType)}",
        FieldType.Int32 => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
            ? null : $"{Shown.Text(value)} is not a 32-bit integer",
        FieldType.Int64 => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
            ? null : $"{Shown.Text(value)} is not a 64-bit integer",
        FieldType.Double => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? null : $"{Shown.Text(value)} is not a number",
        FieldType.Message => IsDuration(value) ? null : $"{Shown.Text(value)} is not a duration such as 1.5s",
        _ => null,
    };

    // As protobuf's JSON has it: whole seconds, nine digits at most behind the point, and 10,000 years either way.
    [GeneratedRegex(@"^-?[0-9]{1,12}(\.[0-9]{1,9})?s$")]
    private static partial Regex DurationForm { get; }

    private static bool IsDuration(string value) =>
        DurationForm.IsMatch(value)
        && Math.Abs(decimal.Parse(value.AsSpan(0, value.Length - 1), CultureInfo.InvariantCulture)) <= Duration.MaxSeconds;
}
