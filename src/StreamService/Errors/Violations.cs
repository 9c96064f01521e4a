using System.Text;

namespace Jobwatch.StreamService.Errors;

/// <summary>
/// Collects what is wrong with a request, so that the caller learns it all at once; up to <see cref="Max"/>, and <see cref="MaxBytes"/> of
/// them but for the first, with the middle of long paths left out: a status travels in headers, and some gRPC clients take no more than 8 KB of those.
/// </summary>
internal sealed class Violations
{
    public const int Max = 20;

    public const int MaxBytes = 3000;

    private readonly List<FieldViolation> _found = [];
    private int _bytes;
    private bool _isFull;

    /// <summary>Whether looking for more is of no use.</summary>
    public bool IsFull => _isFull || _found.Count >= Max;

    public void Add(string reason, string field, string description) => Add(new FieldViolation(reason, field, description));

    public void Add(FieldViolation violation)
    {
        var shown = violation with { Field = Shown.Path(violation.Field) };
        _bytes += Encoding.UTF8.GetByteCount(shown.Field) + Encoding.UTF8.GetByteCount(shown.Description);
        _isFull = IsFull || (_found.Count > 0 && _bytes > MaxBytes);
        if (!_isFull)
        {
            _found.Add(shown);
        }
    }

    public void AddUnlessValid(string id, string field)
    {
        if (!Identifiers.IsValid(id))
        {
            Add(Identifiers.Violation(id, field));
        }
    }

    public void ThrowIfAny()
    {
        if (_found.Count > 0)
        {
            throw RpcErrors.InvalidFields(_found, areAll: !IsFull);
        }
    }
}
