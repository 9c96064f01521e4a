using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Xunit;

namespace Jobwatch.StreamService.Tests.WatchingMany;

public sealed class JobsCursorTests
{
    [Fact]
    public void A_token_says_what_was_put_into_it()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var cursor = new JobsCursor("local");
            var expected = new SortedDictionary<long, long>();
            var marks = new List<CursorMark>();
            for (var i = random.Next(0, 40); i > 0; i--)
            {
                var incarnation = random.NextInt64(1, long.MaxValue);
                expected[incarnation] = random.NextInt64(-1, long.MaxValue) >> random.Next(0, 63);
                marks.Add(cursor.Add(incarnation, 0));
            }

            foreach (var mark in marks)
            {
                cursor.Move(mark, expected[mark.Incarnation]);
            }

            if (marks.Count > 3)
            {
                cursor.Remove(marks[2]);
                expected.Remove(marks[2].Incarnation);
            }

            var token = cursor.ToString();
            Assert.Equal(cursor.TokenLength, token.Length);
            Assert.True(JobsCursor.TryParse(token, "local", out var isOfTenant, out var entries));
            Assert.True(isOfTenant);
            Assert.Equal(expected, entries.ToDictionary(entry => entry.Incarnation, entry => entry.Position));
            Assert.DoesNotContain(token, character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'));
        }
    }

    [Fact]
    public void The_longest_token_is_known()
    {
        var cursor = new JobsCursor("local");
        for (var i = 1; i <= JobsCursor.MaxJobs; i++)
        {
            cursor.Add(i, long.MaxValue - 1);
        }

        Assert.Equal(JobsCursor.MaxTokenLength, cursor.ToString().Length);
        Assert.True(JobsCursor.TryParse(cursor.ToString(), "local", out _, out var entries));
        Assert.Equal(JobsCursor.MaxJobs, entries.Count);
        cursor.Add(JobsCursor.MaxJobs + 1, 0);
        Assert.False(JobsCursor.TryParse(cursor.ToString(), "local", out _, out _));
    }

    [Fact]
    public void What_is_torn_mistyped_or_of_another_kind_is_no_token()
    {
        var cursor = new JobsCursor("local");
        cursor.Add(7, 3);
        cursor.Add(9, 300);
        var token = cursor.ToString();

        Assert.False(JobsCursor.TryParse("", "local", out _, out _));
        Assert.False(JobsCursor.TryParse(token[..^4], "local", out _, out _));
        for (var at = 0; at < token.Length; at++)
        {
            var mistyped = token[..at] + (token[at] == 'x' ? 'y' : 'x') + token[(at + 1)..];
            Assert.False(JobsCursor.TryParse(mistyped, "local", out _, out _) && mistyped != token && at < token.Length - 1, mistyped);
        }

        Assert.False(JobsCursor.TryParse(Cursor.BeforeFirst(new JobKey("local", "a")).ToString(), "local", out _, out _));
        Assert.False(Cursor.TryParse(token, out _));
    }

    [Fact]
    public void Another_tenants_token_says_nothing()
    {
        var cursor = new JobsCursor("local");
        cursor.Add(7, 3);

        Assert.True(JobsCursor.TryParse(cursor.ToString(), "other", out var isOfTenant, out var entries));
        Assert.False(isOfTenant);
        Assert.Empty(entries);
    }
}
