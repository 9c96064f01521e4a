using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.Shared;
using Jobwatch.StreamService.Errors;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>
/// What may stand in a payload's texts and free structures, however deep: no NUL character, which terminals and many
/// stores can't hold, and nothing that JSON can't say; and how deep. Found by descriptor, so new payloads are covered.
/// </summary>
internal static class ContentRules
{
    public static void Check(ExecutionEvent item, string path, Violations violations)
    {
        var payload = ExecutionEvent.Descriptor.FindFieldByNumber((int)item.PayloadCase);
        Walk((IMessage)payload.Accessor.GetValue(item), $"{path}.{payload.Name}", violations);
    }

    private static void Walk(IMessage message, string path, Violations violations)
    {
        if (message is Value value && Fault(value) is { } fault)
        {
            violations.Add(Reasons.InvalidField, path, fault);
            return;
        }

        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (violations.IsFull)
            {
                return;
            }

            if (field.ContainingOneof is not { } oneof || oneof.Accessor.GetCaseFieldDescriptor(message) == field)
            {
                WalkField(field, field.Accessor.GetValue(message), $"{path}.{field.Name}", violations);
            }
        }
    }

    private static void WalkField(FieldDescriptor field, object value, string path, Violations violations)
    {
        switch (value)
        {
            case Struct structure when field.ContainingType != Value.Descriptor
                && FreeStructures.LevelsOf(structure) is > FreeStructures.MaxLevels and var levels:
                violations.Add(
                    Reasons.InvalidField, path,
                    $"it has {levels} levels of objects and lists; a free structure has at most {FreeStructures.MaxLevels}: "
                    + "flatten it, or send what is deeper as a text.");
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    var key = Shown.Text((string)entry.Key);
                    WalkOne((string)entry.Key, $"{path}[{key}]", violations);
                    WalkOne(entry.Value, $"{path}[{key}]", violations);
                }

                break;
            case IList list:
                for (var i = 0; i < list.Count; i++)
                {
                    WalkOne(list[i], $"{path}[{i}]", violations);
                }

                break;
            default:
                WalkOne(value, path, violations);
                break;
        }
    }

    private static void WalkOne(object? value, string path, Violations violations)
    {
        if (value is IMessage message)
        {
            Walk(message, path, violations);
        }
        else if (value is string text && text.IndexOf('\0') is >= 0 and var at)
        {
            violations.Add(Reasons.InvalidField, path, $"it has a NUL character at index {at}; remove or replace it.");
        }
    }

    private static string? Fault(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.None => "the value has no kind set; set one, null_value for nothing.",
        Value.KindOneofCase.NumberValue when !double.IsFinite(value.NumberValue) =>
            $"it is {value.NumberValue}, which JSON has no number for; send null or a text.",
        _ => null,
    };
}
