using Inforzap.Contracts.Identity;
using Inforzap.Data;

namespace Inforzap.Identity;

/// <summary>People who sign in, and what they may do.</summary>
public sealed class IdentityModule : Module
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => IdentityDb.Map(model);

    /// <inheritdoc/>
    public override IEnumerable<ReadView> Views =>
    [
        ReadView.Of<UserView>(u => u.Id, db => db.Users.Select(u => new UserView
        {
            Id = u.Id, Name = u.Name, Signature = u.Signature, SignatureOn = u.SignatureOn, IsActive = u.IsActive,
        })),
    ];
}
