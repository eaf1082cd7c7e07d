using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>How attacks end that a person is asked about: nobody but the person can let them pass, and the person sees what they are.</summary>
internal static class Refused
{
    /// <summary>The call asks one question in which all of these words stand; the person reads it and says no.</summary>
    /// <param name="session">One whose person declines.</param>
    /// <param name="tool">The call.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="typed">A phrase must be typed, a yes is not enough.</param>
    /// <param name="shown">What the person must see.</param>
    public static async Task<ElicitRequestParams> ByAPersonAsync(SyncSession session, string tool, object arguments, bool typed, params string[] shown)
    {
        var asked = session.Person.Questions.Count;
        session.Person.Declines();
        (await session.CallAsync(tool, arguments)).Refused("declined");
        Assert.Equal(asked + 1, session.Person.Questions.Count);
        var question = session.Person.Questions[asked];
        Assert.Equal(typed ? "phrase" : "confirm", Assert.Single(question.RequestedSchema!.Properties.Keys));
        foreach (var words in shown)
            Assert.Contains(words, question.Message, StringComparison.Ordinal);
        return question;
    }
}
