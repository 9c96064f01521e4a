using System.Text;
using Jobwatch.Cli.Terminal;
using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

/// <summary>For people: a line for each event, and a heading whenever another execution speaks.</summary>
internal sealed class TextPrinter(StandardStream output, Palette palette, TimeProvider time) : EventPrinter
{
    private const int ManyCharacters = 32 * 1024;
    private readonly StringBuilder _lines = new();
    private readonly EventText _text = new(palette);
    private string? _execution;

    internal override void Snapshot(Snapshot snapshot)
    {
        foreach (var execution in snapshot.Executions.Reverse())
        {
            var progress = execution.Progress is null ? "" : " " + Safe(Words.Of(execution.Progress));
            var error = execution.LastError is null ? "" : " " + palette.Red(Safe(Words.Of(execution.LastError)));
            Line($"{palette.Bold(execution.ExecutionId)} {Words.Painted(execution.Status, palette)} " +
                palette.Dim($"since {Words.Time(execution.StartTime ?? execution.CreateTime, time)}") + progress + error);
        }

        if (snapshot.Omitted > 0)
            Line(palette.Dim($"and {snapshot.Omitted} more that are open"));
    }

    internal override void Event(ExecutionEvent happened)
    {
        if (happened.ExecutionId != _execution)
        {
            _execution = happened.ExecutionId;
            Line(palette.Bold($"── {happened.JobId} / {_execution} ──"));
        }

        Line($"{palette.Dim(Words.Clock(happened.OccurredAt, time))} {_text.Of(happened)}");
        if (_lines.Length >= ManyCharacters)
            Flush();
    }

    internal override void LeftOut(Conflated conflated) => Line(palette.Dim($"… {conflated.Count} left out"));

    internal override void Flush()
    {
        if (_lines.Length == 0)
            return;
        output.Write(Encoding.UTF8.GetBytes(_lines.ToString()));
        _lines.Clear();
    }

    private void Line(string text) => _lines.Append(text).Append('\n');

    private string Safe(string text) => SafeText.Of(text, palette.On);
}
