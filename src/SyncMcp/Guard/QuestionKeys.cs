using System.Security.Cryptography;

namespace SyncMcp.Guard;

/// <summary>
/// Keys by which we know our own questions again: one a day, shared by all windows through the state store. The one before is kept until the last question that
/// it signed is too old to be answered.
/// </summary>
internal sealed class QuestionKeys(StateStore store)
{
    private const long Day = 86_400_000;
    private const int Bytes = 32;

    /// <summary>The key to sign with, and its name.</summary>
    public (string Id, byte[] Key) Current() => store.Write(session =>
    {
        session.Execute("DELETE FROM question_key WHERE made < @old", ("@old", store.Now - Day - Questions.Life));
        // One from a clock that was ahead is as good.
        var newest = session.Query("SELECT id, secret FROM question_key WHERE made >= @day ORDER BY made DESC LIMIT 1", row => (Id: row.GetString(0), Key: row.GetFieldValue<byte[]>(1)), ("@day", store.Now - Day));
        if (newest is [var key])
            return key;
        var made = (Id: RandomNumberGenerator.GetHexString(8, lowercase: true), Key: RandomNumberGenerator.GetBytes(Bytes));
        session.Execute("INSERT INTO question_key (id, secret, made) VALUES (@id, @secret, @now)", ("@id", made.Id), ("@secret", made.Key), ("@now", store.Now));
        return made;
    });

    /// <summary>A key by its name; null for one that we never had, or whose questions are all too old.</summary>
    public byte[]? Find(string id) => store.Read(session => session.Query(
        "SELECT secret FROM question_key WHERE id = @id AND made >= @old", row => row.GetFieldValue<byte[]>(0), ("@id", id), ("@old", store.Now - Day - Questions.Life)).FirstOrDefault());
}
