namespace Jobwatch.StreamService.Errors;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Reason">One of <see cref="Reasons"/> that go with INVALID_ARGUMENT.</param>
/// <param name="Field">The field's path in the request's proto, e.g. <c>events[3].log_written.text</c>.</param>
/// <param name="Description">What it is, what it may be: a sentence that tells the caller what to do.</param>
internal readonly record struct FieldViolation(string Reason, string Field, string Description);
