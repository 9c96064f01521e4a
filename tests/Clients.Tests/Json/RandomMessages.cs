using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Jobwatch.Clients.Tests.Json;

/// <summary>Fills any message with values that tend to be awkward, the same ones for the same seed.</summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly string[] Texts =
    [
        "", "plain", "\"quoted\\\" / slash", "<script>&'+`", "tab\tnew\nline\r\b\f\u0001\u001f\u007f", "äöü ß €", "日本語", "😀 \U0001F468‍👩",
        "\u2028\u2029\u0085\uFEFF\uFFFD\uE000", new string('x', 3000), "nul\0nul", "\u00ad\u0600\u200b",
    ];

    private static readonly double[] Reals =
    [
        0, -0.0, 1, -1, 0.1, 1e21, 1e-7, 123456789012345680, double.MaxValue, double.Epsilon, double.NaN, double.PositiveInfinity,
        double.NegativeInfinity, 3, 1e15, 1e16,
    ];

    private static readonly long[] Numbers = [0, 1, -1, 40, long.MaxValue, long.MinValue, 1L << 53];

    private readonly Random _random = new(seed);

    internal T Fill<T>(T message, int depth = 0)
        where T : IMessage
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsMap)
                FillMap(message, field, depth);
            else if (field.IsRepeated)
                FillList(message, field, depth);
            else if ((!field.HasPresence || _random.Next(3) > 0) && One(field, depth) is { } value)
                field.Accessor.SetValue(message, value);
        }

        return message;
    }

    private void FillList(IMessage message, FieldDescriptor field, int depth)
    {
        var list = (IList)field.Accessor.GetValue(message);
        for (var i = _random.Next(4); i > 0; i--)
        {
            if (One(field, depth) is { } value)
                list.Add(value);
        }
    }

    private void FillMap(IMessage message, FieldDescriptor field, int depth)
    {
        var map = (IDictionary)field.Accessor.GetValue(message);
        for (var i = _random.Next(4); i > 0; i--)
        {
            if (One(field.MessageType.Fields[2], depth) is { } value)
                map[One(field.MessageType.Fields[1], depth)!] = value;
        }
    }

    private object? One(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Bool => _random.Next(2) == 0,
        FieldType.String => Pick(Texts),
        FieldType.Bytes => ByteString.CopyFrom([.. Enumerable.Range(0, _random.Next(20)).Select(_ => (byte)_random.Next(256))]),
        FieldType.Double => Pick(Reals),
        FieldType.Float => (float)Pick(Reals),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)Pick(Numbers),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)Pick(Numbers),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Pick(Numbers),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)Pick(Numbers),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, _random.Next(9)),
        _ => OneMessage(field.MessageType, depth),
    };

    private object? OneMessage(MessageDescriptor type, int depth)
    {
        if (type.File.Name == "google/protobuf/wrappers.proto")
            return One(type.Fields[1], depth);
        if (type.ClrType == typeof(Value))
            return OneValue(depth);
        if (type.ClrType == typeof(Timestamp))
            return new Timestamp { Seconds = _random.NextInt64(-62_135_596_800, 253_402_300_800), Nanos = Nanos() };
        if (type.ClrType == typeof(Duration))
            return new Duration { Seconds = _random.NextInt64(1_000_000), Nanos = Nanos() };
        if (type.ClrType == typeof(Struct))
        {
            var structure = new Struct();
            for (var i = _random.Next(4); i > 0; i--)
                structure.Fields["k" + Pick(Texts)] = OneValue(depth + 1);
            return structure;
        }

        return depth >= 3 ? null : Fill((IMessage)Activator.CreateInstance(type.ClrType)!, depth + 1);
    }

    private Value OneValue(int depth) => _random.Next(depth >= 3 ? 4 : 6) switch
    {
        0 => Value.ForNull(),
        1 => Value.ForNumber(Pick(Reals)),
        2 => Value.ForString(Pick(Texts)),
        3 => Value.ForBool(_random.Next(2) == 0),
        4 => Value.ForList(OneValue(depth + 1), OneValue(depth + 1)),
        _ => Value.ForStruct((Struct)OneMessage(Struct.Descriptor, depth + 1)!),
    };

    private int Nanos() => _random.Next(4) switch
    {
        0 => 0,
        1 => _random.Next(1000) * 1_000_000,
        2 => _random.Next(1_000_000) * 1000,
        _ => _random.Next(1_000_000_000),
    };

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
