using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Jobwatch.Client.Json;

/// <summary>google.protobuf.Struct and its parts as the plain JSON that they stand for.</summary>
internal static class StructText
{
    internal static void Write(Utf8JsonWriter writer, Struct value)
    {
        writer.WriteStartObject();
        foreach (var (name, member) in value.Fields)
        {
            if (name.Length == 0)
                throw new InvalidOperationException("A Struct has a field with an empty name.");
            writer.WritePropertyName(name);
            Write(writer, member);
        }

        writer.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter writer, ListValue value)
    {
        writer.WriteStartArray();
        foreach (var item in value.Values)
            Write(writer, item);
        writer.WriteEndArray();
    }

    internal static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.NullValue:
                writer.WriteNullValue();
                break;
            case Value.KindOneofCase.NumberValue:
                ValueWriters.Write(writer, value.NumberValue);
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.StructValue:
                Write(writer, value.StructValue);
                break;
            case Value.KindOneofCase.ListValue:
                Write(writer, value.ListValue);
                break;
            default:
                throw new InvalidOperationException("A Value holds nothing.");
        }
    }
}
