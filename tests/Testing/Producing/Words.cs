namespace Jobwatch.Testing.Producing;

/// <summary>Texts that share words, so that filters select some of them, and that try whatever frames a message.</summary>
internal static class Words
{
    public static readonly IReadOnlyList<string> Common = ["rows", "Unmatched", "ÄRGER", "straße", "дело", "e=mc²", "retry"];

    private static readonly string[] Hard =
    [
        "a\nb", "a\r\nb\r", "data: x\n\nevent: y", "id: 7", "\u2028\u2029", "\"quoted\" \\ back",
        "</script>&amp;<b>", "\u0001\u001b[31mred\u007f", "😀 𝒳", "\ufeffbom", "   ", "{\"json\":[1]}", "\t", "\ufffd",
    ];

    public static string Next(Random random)
    {
        var words = Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.Chance(0.75) ? random.Pick(Common) : random.Pick(Hard));
        string text = string.Join(' ', words);
        return random.Chance(0.01) ? text + new string('x', random.Next(2_000, 60_000)) : text;
    }
}
